/**
 * Writes `server-bridge/testing/fixtures/coder-types.json`: the part of Coder's published wire types that our schemas
 * cover, so that the comparison runs on every machine.
 *
 *     npx tsx scripts/coder-types.ts PATH/TO/types.json
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { coderSchemas } from '../server-bridge/testing/coder-schemas.ts'
import { coderTypesSchema } from '../server-bridge/testing/coder-types.ts'
import type { CoderTypes } from '../server-bridge/testing/coder-types.ts'

const target = fileURLToPath(new URL('../server-bridge/testing/fixtures/coder-types.json', import.meta.url))

/** The types our schemas cover, with the enumerations their fields name. */
export function subsetOf(all: CoderTypes, names: readonly string[]): CoderTypes {
  const types: CoderTypes['types'] = {}
  const enums: CoderTypes['enums'] = {}
  for (const name of [...names].sort()) {
    const type = all.types[name]
    if (type === undefined) throw new Error(`Coder has no type named ${name}.`)
    types[name] = type
    for (const field of type.fields) {
      for (const [word] of field.type.matchAll(/[A-Z]\w+/g)) {
        const values = all.enums[word]
        if (values !== undefined) enums[word] = values
      }
    }
  }
  return { source_repo: all.source_repo, source_date: all.source_date, types, enums }
}

const source = process.argv[2]
if (source === undefined) {
  process.stderr.write('Usage: npx tsx scripts/coder-types.ts PATH/TO/types.json\n')
  process.exitCode = 2
} else {
  const all = coderTypesSchema.parse(JSON.parse(readFileSync(source, 'utf8')))
  const subset = subsetOf(all, Object.keys(coderSchemas))
  writeFileSync(target, await format(JSON.stringify(subset), { parser: 'json', printWidth: 110 }))
}
