/** Practice recovery: a sole owner's paper, two papers, and a keyring that is brought back. */
import { b64u, utf8Text } from '../../src/lib/crypto/bytes';
import { deriveRecipient, openAsPerson } from '../../src/lib/crypto/hybrid';
import { changeKeyring } from '../../src/lib/crypto/keyring';
import { Kit } from '../../src/lib/crypto/kit';
import type { AcceptedPlan } from '../../src/lib/crypto/plan';
import { makeEndorsement, makePaperStatement, makePlan, type PlanFile } from '../../src/lib/crypto/recovery';
import { deriveKitSlot } from '../../src/lib/crypto/slots';
import { AT, facts, fill, fixedId, fixedPerson, type Vector } from './shape';

const paperSeed = (n: number) => fill(90 + n);

async function paperVector(n: number): Promise<Vector> {
  const owner = await fixedPerson(n);
  const statement = await makePaperStatement(owner, new Kit('recovery', paperSeed(n)), AT);
  return { name: `paper of owner ${n}`, inputs: { what: 'paper', owner: facts(owner, n), paper_seed: b64u(paperSeed(n)) }, outputs: { recipient: await deriveRecipient(paperSeed(n)), statement } };
}

const asText = ({ first, then, bytes }: PlanFile) => ({ first, then, age: b64u(bytes) });

async function planVector(name: string, owners: readonly number[], before: AcceptedPlan | null): Promise<{ plan: AcceptedPlan; vector: Vector; line: string }> {
  const papers = await Promise.all(owners.map(async (n) => ({ person: fixedId('per', n), recipient: await deriveRecipient(paperSeed(n)) })));
  const by = await fixedPerson(1);
  const { plan, files } = await makePlan(by, { papers, before, at: AT });
  const [file] = files;
  let body = await openAsPerson('recovery', paperSeed(owners[0] as number), (file as PlanFile).bytes);
  if (owners.length > 1) body = await openAsPerson('recovery', paperSeed(owners[1] as number), body);
  const line = utf8Text(body, 'recovery').trim();
  const inputs = { what: 'plan', by: facts(by, 1), n: plan.n, prev: plan.prev, papers, paper_seeds: owners.map((n) => b64u(paperSeed(n))) };
  return { plan, line, vector: { name, inputs, outputs: { statement: plan.text, hash: plan.hash, recipient: plan.recipient, files: files.map(asText), identity: line } } };
}

export async function recoveryVectors(): Promise<Vector[]> {
  const sole = await planVector('plan of a sole owner', [1], null);
  const pair = await planVector('plan of two owners', [1, 2], sole.plan);
  const colleague = await fixedPerson(3);
  const endorsement = await makeEndorsement(colleague, pair.plan, AT);
  const kit = { slot: await deriveKitSlot(new Kit('personal', fill(43))), label: 'kit', id: fixedId('slt', 1) };
  const agreed = await changeKeyring(await fixedPerson(4), { add: [kit], recovery: pair.plan, at: AT });
  return [
    await paperVector(1),
    await paperVector(2),
    sole.vector,
    pair.vector,
    { name: 'endorsement', inputs: { what: 'endorse', by: facts(colleague, 3), plan: pair.plan.hash }, outputs: { statement: endorsement } },
    { name: 'keyring of somebody who agreed', inputs: { what: 'keyring', identity: pair.line, age: b64u(agreed.bytes) }, outputs: { person: fixedId('per', 4), version: 1 } },
  ];
}
