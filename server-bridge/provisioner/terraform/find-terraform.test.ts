import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { findTerraformPath } from './find-terraform.ts'

const folder = mkdtempSync(join(tmpdir(), 'outpost-find-terraform-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe.skipIf(process.platform === 'win32')('finding terraform', () => {
  it('passes over what cannot be looked at, is a folder or is no program', () => {
    const [closed, nested, plain, good] = ['closed', 'nested', 'plain', 'good'].map((name) =>
      join(folder, name),
    )
    for (const place of [closed, nested, plain, good]) mkdirSync(place ?? '')
    // A link to itself answers every user with an error, as another one's folder answers all but root.
    symlinkSync(join(closed ?? '', 'terraform'), join(closed ?? '', 'terraform'))
    mkdirSync(join(nested ?? '', 'terraform'))
    writeFileSync(join(plain ?? '', 'terraform'), '')
    const path = [closed, nested, plain].join(delimiter)
    expect(findTerraformPath(path)).toBeUndefined()

    const program = join(good ?? '', 'terraform')
    writeFileSync(program, '#!/bin/sh')
    chmodSync(program, 0o700)
    expect(findTerraformPath(`${path}${delimiter}${String(good)}`)).toEqual({
      path: program,
      name: 'terraform',
    })
  })
})
