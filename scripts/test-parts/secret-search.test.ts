import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SEEDED_SECRET, searchSecrets } from './secret-search.ts'

describe('the search for seeded secrets', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'outpost-secrets-'))
    await mkdir(join(folder, 'results/journey'), { recursive: true })
  })
  afterEach(() => rm(folder, { recursive: true }))

  const search = () => searchSecrets([join(folder, 'results')], join(folder, 'cache'))

  it('finds one deep in a log', async () => {
    const log = join(folder, 'results/journey/main.log')
    await writeFile(log, `{"msg":"request","token":"${SEEDED_SECRET}4711"}\n`)
    expect((await search()).failures).toEqual([`a seeded secret is in ${log}`])
  })

  it('passes logs without one', async () => {
    await writeFile(join(folder, 'results/journey/main.log'), '{"msg":"request","token":"[redacted]"}\n')
    expect(await search()).toMatchObject({ passed: 1, failed: 0 })
  })

  it('does not call it a pass when there was nothing to search', async () => {
    expect(await search()).toMatchObject({ passed: 0, skipped: 1 })
  })
})
