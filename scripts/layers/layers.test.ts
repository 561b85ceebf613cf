import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BAD_IMPORTS, GOOD_IMPORTS } from './bad-imports.ts'
import { findViolations, type LayerViolation } from './find-violations.ts'
import { RULES } from './rules.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

const PACKAGE = {
  type: 'module',
  imports: {
    '#bridge/*': './server-bridge/*.ts',
    '#ipc/*': './preload/contract/*.ts',
    '#main/*': './main/*.ts',
  },
  dependencies: { hono: '*', pino: '*', ws: '*', zod: '*' },
  devDependencies: { '@base-ui/react': '*', electron: '*', 'fast-check': '*', react: '*', zustand: '*' },
}

describe('the layer rules', () => {
  let root = ''
  let violations: LayerViolation[] = []

  beforeAll(async () => {
    // Inside the repository, so that packages resolve; outside of what its own checks read.
    await mkdir(join(REPOSITORY, '.cache'), { recursive: true })
    root = await mkdtemp(join(REPOSITORY, '.cache/layers-'))
    await writeFile(join(root, 'package.json'), JSON.stringify(PACKAGE))
    for (const [file, lines] of [...BAD_IMPORTS, ...GOOD_IMPORTS]) {
      await mkdir(join(root, dirname(file)), { recursive: true })
      await writeFile(join(root, file), `${lines}\n`)
    }
    violations = (await findViolations(root)).violations
  })

  afterAll(() => rm(root, { recursive: true }))

  const refusals = (file: string): string[] =>
    [...new Set(violations.filter(({ from }) => from === file).map(({ rule }) => rule))].filter(
      // Nothing imports a bad fixture, so all of them are orphans of no interest.
      (rule) => rule !== 'no-orphans' || file.endsWith('alone.ts'),
    )

  it.each(BAD_IMPORTS.map(([file, line, rule]) => ({ file, line, rule })))(
    '$file: $line is refused by $rule',
    ({ file, rule }) => {
      expect(refusals(file)).toEqual([rule])
    },
  )

  it('accepts the good imports', () => {
    const good = new Set(GOOD_IMPORTS.map(([file]) => file))
    // The hen is good; the egg that imports it back is not.
    good.delete('main/shell/hen.ts')
    expect(violations.filter(({ from }) => good.has(from))).toEqual([])
  })

  it('has a bad import for each rule', () => {
    const proven = new Set(BAD_IMPORTS.map(([, , rule]) => rule))
    expect(RULES.map(({ name }) => name ?? '').filter((name) => !proven.has(name))).toEqual([])
  })
})
