// Runs a model in ONNX Runtime: run.cjs MODEL REQUEST ANSWER. REQUEST is a JSON array of {"file", "shape"}: raw float32 inputs. ANSWER becomes a JSON array, one
// {NAME: {"shape", "values"}} an input.
'use strict';
const fs = require('fs');
const ort = require('onnxruntime-node');

const [model, request, answer] = process.argv.slice(2);

async function main() {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'], intraOpNumThreads: 1, logSeverityLevel: 2 });
  const answers = [];
  for (const { file, shape } of JSON.parse(fs.readFileSync(request, 'utf8'))) {
    const bytes = fs.readFileSync(file);
    const values = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const results = await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', values, shape) });
    answers.push(Object.fromEntries(session.outputNames.map((name) => [name, { shape: results[name].dims, values: Array.from(results[name].data) }])));
  }
  fs.writeFileSync(answer, JSON.stringify(answers));
}

main().catch((error) => { console.error(String(error)); process.exit(1); });
