/** Address of an environment's room, without the `#`. */
export function roomAddress(id: string, room?: string): string {
  const base = `/environments/${encodeURIComponent(id)}`;
  return room ? `${base}/${room}` : base;
}

/** What an address points at. */
export interface Place {
  environment: string | undefined;
  room: string | undefined;
}

/** Reads an address back. Wouter has already decoded it. */
export function readPlace(location: string): Place {
  const match = /^\/environments\/([^/]+)(?:\/([^/]+))?/.exec(location);
  return { environment: match?.[1] && safeDecode(match[1]), room: match?.[2] };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
