import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { TemplateError } from '../template-error.ts'
import { captureOutput, runProcess, type ProcessSurroundings } from './run-process.ts'

const surroundings: ProcessSurroundings = {
  cwd: tmpdir(),
  env: { PATH: process.env['PATH'] ?? '' },
  clock: systemClock,
  signal: new AbortController().signal,
}

async function run(script: string): Promise<{ code: number | null; out: string[]; err: string[] }> {
  const out: string[] = []
  const err: string[] = []
  const code = await runProcess('/bin/sh', ['-c', script], surroundings, {
    onOutput: (line) => out.push(line),
    onError: (line) => err.push(line),
  })
  return { code, out, err }
}

test('hands over lines and the exit code', async () => {
  expect(await run('echo one; echo two >&2; printf three; exit 3')).toEqual({
    code: 3,
    out: ['one', 'three'],
    err: ['two'],
  })
})

test('does not wait for what was left in the background with the output open', async () => {
  const { code, out } = await run('sleep 300 & echo $!')
  // Ended by its own id: that it still ran is what this test is about.
  process.kill(Number(out[0]))
  expect(code).toBe(0)
})

test('says that a program is not there', async () => {
  const failed = captureOutput('/nowhere/terraform', ['version'], surroundings)
  await expect(failed).rejects.toBeInstanceOf(TemplateError)
  await expect(failed).rejects.toThrow('/nowhere/terraform could not be started: ENOENT.')
})

test('says what a program complained about', async () => {
  await expect(
    captureOutput('/bin/sh', ['-c', 'echo no such plan >&2; exit 1'], surroundings),
  ).rejects.toThrow('"-c" of Terraform failed: no such plan')
})
