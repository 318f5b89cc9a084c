import { removeSample, startSample } from '/work/main/main/sample/sample.ts';

const dataFolder = process.argv[2]!;
const t0 = performance.now();
const o = {
  dataFolder,
  assets: '/work/main/assets/samples',
  binaries: process.argv[3] as 'machine' | 'embedded',
  onProgress: (p: unknown) => console.log(Math.round(performance.now() - t0), JSON.stringify(p)),
};
const s = await startSample(o);
console.log(s.port, s.serverVersion, s.pid, performance.now() - t0);
await s.stop();
const t1 = performance.now();
const again = await startSample(o);
console.log('restart', performance.now() - t1);
if (process.argv[4] !== 'keep') {
  await again.stop();
  await removeSample(o);
}
process.exit(0);
