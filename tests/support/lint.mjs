// What no compiler checks: workflows hold no more rights than they name and run only pinned code, and the committed
// configuration fits its published schemas.
import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parseDocument } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const problems = [];
const complain = (file, what) => problems.push(`${file}: ${what}`);

// Permissions may be {} or a mapping to read, write or none; a word for all of them is too much.
function checkPermissions(file, place, value) {
  if (value === undefined) return complain(file, `${place} has no permissions`);
  if (value === null || typeof value !== 'object') return complain(file, `${place}: permissions "${value}", expected a mapping`);
  for (const [name, right] of Object.entries(value))
    if (!['read', 'write', 'none'].includes(right)) complain(file, `${place}: permission ${name}: ${right}`);
  return undefined;
}

async function checkWorkflow(file) {
  const text = await readFile(join(root, file), 'utf8');
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true });
  for (const e of [...document.errors, ...document.warnings]) complain(file, e.message);
  const workflow = document.toJS();
  if (!workflow?.on) complain(file, 'has no "on"');
  checkPermissions(file, 'the workflow', workflow?.permissions);
  for (const [name, job] of Object.entries(workflow?.jobs ?? {})) {
    checkPermissions(file, `job ${name}`, job.permissions);
    if (!job['timeout-minutes'] && !job.uses) complain(file, `job ${name} has no timeout-minutes`);
    for (const needed of [job.needs ?? []].flat())
      if (!workflow.jobs[needed]) complain(file, `job ${name} needs "${needed}", which is not there`);
    const writes = Object.values(job.permissions ?? {}).includes('write');
    // github.token is what the permissions bound; a secret is what they do not.
    if (writes && /\$\{\{[^}]*\bsecrets\./.test(JSON.stringify(job))) complain(file, `job ${name} may write and sees secrets`);
    for (const step of job.steps ?? []) {
      // What others can write (titles, branch names, inputs) must reach a shell as a variable, never as text.
      if (step.run && /\$\{\{\s*(github\.event|github\.head_ref|inputs)\b/.test(step.run)) complain(file, `job ${name}: an expression from outside stands in a shell text`);
    }
  }
  for (const [number, line] of text.split('\n').entries()) {
    const uses = /^\s*(?:-\s*)?uses:\s*(\S+)(.*)$/.exec(line);
    if (uses && !uses[1].startsWith('./') && !(/@[0-9a-f]{40}$/.test(uses[1]) && /^\s+# v\d/.test(uses[2])))
      complain(`${file}:${number + 1}`, `${uses[1]}: expected a commit of 40 hexadecimal digits and "# v..." behind it`);
  }
}

async function checkConfiguration() {
  const ajv = addFormats(new Ajv2020({ allErrors: true, strict: false }));
  const folder = join(root, 'data/schemas');
  const schemas = (await readdir(folder)).filter((name) => name.endsWith('.schema.json'));
  for (const name of schemas) {
    const data = name.replace('.schema.json', '.json');
    const validate = ajv.compile(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (!validate(JSON.parse(await readFile(join(root, 'data', data), 'utf8'))))
      for (const e of validate.errors) complain(`data/${data}`, `${e.instancePath || '/'} ${e.message}`);
  }
  for (const name of (await readdir(join(root, 'data'))).filter((n) => n.endsWith('.json')))
    if (!schemas.includes(name.replace('.json', '.schema.json'))) complain(`data/${name}`, 'has no schema beside it');
}

const workflows = (await readdir(join(root, '.github/workflows'))).filter((name) => /\.ya?ml$/.test(name));
if (!workflows.length) complain('.github/workflows', 'is empty');
for (const name of workflows) await checkWorkflow(`.github/workflows/${name}`);
await checkConfiguration();
for (const p of problems) console.log(p);
process.exit(problems.length ? 1 : 0);
