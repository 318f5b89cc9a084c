import { type FixtureOptions, FixtureServer } from './backends.ts';

/* Makes a sample each second, away from the page, as a console does: the page only takes it off the wire. */
let server: FixtureServer | undefined;

self.addEventListener('message', ({ data }: MessageEvent<FixtureOptions>) => {
  server = new FixtureServer(data);
  self.postMessage(server.sample());
});
setInterval(() => server && self.postMessage(server.sample()), 1000);
