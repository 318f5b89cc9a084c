/** Howdah's mark: the seat with its canopy, seen from the side. */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden>
      <path
        d="M3 9.5 12 3l9 6.5M5.5 9.5V16m13-6.5V16M3 16h18l-2 5H5l-2-5Zm9-6.5V16"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
