import { expect, it } from 'vitest'
import { createLocalProvisioner } from './local-provisioner.ts'
import type { ImportedVersion } from './provisioner.ts'
import { writeTar } from './tar-writer.ts'

const warnings: string[] = []

function importSource(source: string): Promise<ImportedVersion> {
  warnings.length = 0
  return createLocalProvisioner().importVersion({
    archive: writeTar([{ path: 'main.tf', content: Buffer.from(source) }]),
    variableValues: {},
    signal: new AbortController().signal,
    log: (level, _, output) => {
      if (level === 'warn') warnings.push(output)
    },
  })
}

const preset = (label: string, body: string): string =>
  `data "coder_workspace_preset" "${label}" {\n${body}\n}\n`
const size = `data "coder_parameter" "size" {
  name    = "size"
  type    = "number"
  default = 1
  validation {
    min = 1
    max = 9
  }
}
data "coder_parameter" "more" {
  count   = data.coder_parameter.size.value > 5 ? 1 : 0
  name    = "more"
  default = ""
}
`

it('takes presets whose values fit, and says nothing', async () => {
  const { presets } = await importSource(
    size + preset('a', 'name = "Big"\n default = true\n parameters = { size = 7, more = "x" }'),
  )
  expect(presets).toMatchObject([
    {
      Name: 'Big',
      Default: true,
      Parameters: [
        { Name: 'size', Value: '7' },
        { Name: 'more', Value: 'x' },
      ],
    },
  ])
  expect(warnings).toEqual([])
})

it('warns about values that do not fit, with the place', async () => {
  await importSource(
    size + preset('a', '  name = "Odd"\n  parameters = {\n    size = 70\n    colour = "red"\n  }'),
  )
  expect(warnings).toHaveLength(2)
  expect(warnings[0]).toMatch(/^main\.tf:17:\d+: Preset "Odd": parameter "size": .*at most 9/)
  expect(warnings[1]).toMatch(/has no parameter "colour"/)
  await importSource(size + preset('a', 'name = "Small"\n parameters = { size = 1, more = "x" }'))
  expect(warnings).toEqual([expect.stringMatching(/"more" is not asked for with these values/)])
})

it('refuses two of one name, and two defaults, with the place', async () => {
  const named = preset('a', 'name = "One"') + preset('b', 'name = "One"')
  await expect(importSource(named)).rejects.toThrow(/^main\.tf:5:.*Two presets are named "One"/)
  const defaults = preset('a', 'name = "One"\ndefault = true') + preset('b', 'name = "Two"\ndefault = true')
  await expect(importSource(defaults)).rejects.toThrow(/^main\.tf:7:.*"One" is already/)
})
