// ONNX Runtime's side of the comparison, as a server (see pytorch_peer.py): onnxruntime_peer.cjs MODULES FILE BATCH THREADS, or: onnxruntime_peer.cjs MODULES version.
'use strict';
const path = require('path');
const readline = require('readline');

const [modules, file, batch, threads] = process.argv.slice(2);
const SIZE = 224;

async function main() {
  if (file === 'version') {
    console.log(require(path.join(modules, 'onnxruntime-node', 'package.json')).version);
    return;
  }
  const ort = require(path.join(modules, 'onnxruntime-node'));
  const session = await ort.InferenceSession.create(file, {
    executionProviders: ['cpu'],
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  const pixels = new Float32Array(Number(batch) * 3 * SIZE * SIZE).map((_, i) => ((i * 2654435761) % 256) - 128);
  const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', pixels, [Number(batch), 3, SIZE, SIZE]) };
  const seconds = async (runs) => {
    const started = process.hrtime.bigint();
    for (let i = 0; i < runs; i++) await session.run(feeds);
    return Number(process.hrtime.bigint() - started) / 1e9;
  };
  await seconds(3);
  console.log('ready');
  for await (const line of readline.createInterface({ input: process.stdin })) {
    if (!line) break;
    const before = process.cpuUsage();
    const took = await seconds(Number(line));
    const used = process.cpuUsage(before);
    console.log(`${took} ${(used.user + used.system) / 1e6}`);
  }
  process.exit(0);
}

main().catch((error) => { console.error(String(error)); process.exit(1); });
