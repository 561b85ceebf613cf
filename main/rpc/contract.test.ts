import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isSecretName } from '#bridge/lib/redact'
import { contract } from '#ipc/contract'
import type { ProcedureDefinition } from '#ipc/procedure'

const procedures = Object.entries(contract).flatMap(([feature, entries]) =>
  Object.entries(entries).map(([name, definition]): [string, ProcedureDefinition] => [
    `${feature}.${name}`,
    definition,
  ]),
)

/** Every field name in a schema, however deep. A yes or no is not asked for: it says that there is a secret, not which. */
function fieldsOf(schema: z.ZodType, io: 'input' | 'output'): string[] {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, item] of Object.entries(value)) {
      if (key === 'properties') {
        for (const [name, field] of Object.entries(item as Record<string, { type?: unknown }>))
          if (field.type !== 'boolean') names.add(name)
      }
      visit(item)
    }
  }
  visit(z.toJSONSchema(schema, { io, unrepresentable: 'any' }))
  return [...names]
}

/**
 * Socket files of tunnels: main shows each in a dialog of the system and asks, so a window alone names none. A file of a
 * chat's repository is none of this computer's: the deployment looks whether it is in the workspace.
 */
const asked: Readonly<Record<string, readonly string[]>> = {
  'chats.gitAction': ['path'],
  'tunnels.create': ['path'],
  'tunnels.update': ['path'],
}

describe.each(procedures)('%s', (procedure, { input, output }) => {
  it('gives the window no secret', () => {
    expect(fieldsOf(output, 'output').filter(isSecretName)).toEqual([])
  })

  it('takes no path from the window', () => {
    expect(
      fieldsOf(input, 'input').filter((name) => /path|file$|folder|director|program|argv/i.test(name)),
    ).toEqual(asked[procedure] ?? [])
  })
})

it('the look at the fields sees them', () => {
  expect(fieldsOf(contract.deployments.signIn.input, 'input')).toEqual([
    'deploymentId',
    'credential',
    'kind',
    'token',
    'email',
    'password',
    'attemptId',
  ])
})
