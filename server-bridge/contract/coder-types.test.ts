import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { chatDifferences } from '../testing/coder-chat-differences.ts'
import { coderSchemas } from '../testing/coder-schemas.ts'
import {
  acceptsNull,
  coderTypesSchema,
  enumValues,
  isOptionalInput,
  isOptionalOutput,
  wireType,
} from '../testing/coder-types.ts'
import type { CoderField, CoderTypes } from '../testing/coder-types.ts'

/** Where our schemas differ from Coder's list on purpose, and why. Each entry must still be a difference. */
const onPurpose: Readonly<Record<string, string>> = {
  ...chatDifferences,
  'APIKey.scope: type': 'some 250 words that nothing switches on',
  'APIKey.scopes: type': 'as scope',
  'APIKeyWithOwner.scope: type': 'as scope',
  'APIKeyWithOwner.scopes: type': 'as scope',
  'CreateTokenRequest.scope: type': 'as scope',
  'CreateTokenRequest.scopes: type': 'as scope',
  'ExternalAPIKeyScopes.external: type': 'as scope',
  'BuildInfoResponse.outpost_features: not in Coder': 'lists what a local deployment adds',
  'CreateMCPServerConfigRequest.custom_headers_user_keys: not in Coder':
    'values of headers belong to users, which no release has',
  'CreateMCPServerConfigRequest.custom_headers_user_key_descriptions: not in Coder':
    'as custom_headers_user_keys',
  'CreateMCPServerConfigRequest.oauth2_revocation_url: missing': 'came after the API we speak',
  'MCPServerConfig.custom_headers_user_keys: not in Coder':
    'values of headers belong to users, which no release has',
  'MCPServerConfig.custom_headers_user_key_descriptions: not in Coder': 'as custom_headers_user_keys',
  'MCPServerConfig.oauth2_revocation_url: missing': 'came after the API we speak',
  'UpdateMCPServerConfigRequest.custom_headers_user_keys: not in Coder':
    'values of headers belong to users, which no release has',
  'UpdateMCPServerConfigRequest.custom_headers_user_key_descriptions: not in Coder':
    'as custom_headers_user_keys',
  'UpdateMCPServerConfigRequest.oauth2_revocation_url: missing': 'came after the API we speak',
  'MCPServerConfig.organization_id: missing': 'as oauth2_revocation_url',
  'CreateWorkspaceBuildRequest.reason: values': "Coder's own check leaves out task_resume",
  'CreateWorkspaceBuildOnSuccessRequest.transition: values': "Coder's own check takes only start",
  'CreateWorkspaceRequest.automatic_updates: values': 'Go clients send "" for "not given"',
  'AvailableExperiments.safe: type': 'experiments come and go, and nothing switches on them',
  'DERPHealthReport.regions: type': 'a local deployment has no relays',
  'DeploymentConfig.config: type':
    'hundreds of options of a Go server; we send those that mean something here',
  'DeploymentConfig.options: type': 'as config',
  'Entitlements.features: type': 'the keys are an enumeration that grows with each release',
  'GetUserStatusCountsResponse.status_counts: type': 'the keys are an enumeration',
  'HealthMessage.code: type': 'codes are shown, and nothing switches on them',
  'PostWorkspaceUsageRequest.app_name: values': 'as automatic_updates',
  'UpdateWorkspaceACL.group_roles: values': 'the comparison does not look at the words inside of a map',
  'UpdateWorkspaceACL.user_roles: values': 'as group_roles',
  'WatchError.code: values': 'numbers, which are literals and no words',
}

const shared = fileURLToPath(new URL('../../../shared/coder-api/types.json', import.meta.url))
const sources = {
  'the fixture': fileURLToPath(new URL('../testing/fixtures/coder-types.json', import.meta.url)),
  'the whole list beside the project': process.env['OUTPOST_CODER_TYPES'] ?? shared,
}

function nameOf(schema: z.core.$ZodType): string {
  const found = Object.entries(coderSchemas).find(([, known]) => known === schema)
  return found?.[0] ?? 'unnamed object'
}

/** Requests are read by us and written by others; answers the other way round. */
const isRequest = (typeName: string): boolean =>
  typeName.endsWith('Request') ||
  /^(?:CreateFirstUser(?:Trial|Onboarding)Info|VariableValue|CreateUserRequestWithOrgs|UpdateRoles|Authorization(?:Check|Object))$/.test(
    typeName,
  )

function coderType(field: CoderField, coder: CoderTypes): string {
  return field.type
    .replace('map<WorkspaceTransition,', 'map<string,')
    .replace('duration_ns', 'number')
    .replaceAll(/\b[A-Z]\w+/g, (word) => (word in coder.enums ? 'enum' : word))
}

function fieldDifferences(
  name: string,
  field: CoderField,
  schema: z.core.$ZodType,
  coder: CoderTypes,
): string[] {
  const differences: string[] = []
  const at = `${name}.${field.name}`
  const theirs = coderType(field, coder)
  const ours = wireType(schema, nameOf)
  // `values` of a string are an enumeration in all but name.
  const same = theirs === ours || (theirs === 'string' && ours === 'enum' && !(field.type in coder.enums))
  // The two requirement groups share their object shapes with the answers.
  const sameShape = same || ours === 'unnamed object' || ours === 'array<unnamed object>'
  if (!sameShape) differences.push(`${at}: type`)
  const word = /[A-Z]\w+/.exec(field.type)?.[0]
  const values = word === undefined ? undefined : coder.enums[word]
  if (
    ours.includes('enum') &&
    values !== undefined &&
    values.toSorted().join() !== enumValues(schema).join()
  ) {
    differences.push(`${at}: values`)
  }
  if (isRequest(name)) {
    if (field.required === true && !field.type.startsWith('uuid') && isOptionalInput(schema)) {
      differences.push(`${at}: required`)
    }
    if (field.optional && !isOptionalInput(schema)) differences.push(`${at}: optional`)
  } else {
    if (field.optional !== isOptionalOutput(schema)) differences.push(`${at}: optional`)
    if (field.nullable === true && !acceptsNull(schema)) differences.push(`${at}: nullable`)
    const isCollection = field.type.startsWith('array<') || field.type.startsWith('map<')
    if (isCollection && !acceptsNull(schema)) differences.push(`${at}: null collection`)
  }
  return differences
}

function allDifferences(coder: CoderTypes): string[] {
  return Object.entries(coderSchemas).flatMap(([name, schema]) => {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
    const fields = coder.types[name]?.fields
    if (fields === undefined) return [`${name}: no such type`]
    const theirs = new Set(fields.map((field) => field.name))
    return [
      ...Object.keys(shape)
        .filter((key) => !theirs.has(key))
        .map((key) => `${name}.${key}: not in Coder`),
      ...fields.flatMap((field) => {
        const ours = shape[field.name]
        return ours === undefined
          ? [`${name}.${field.name}: missing`]
          : fieldDifferences(name, field, ours, coder)
      }),
    ]
  })
}

describe.each(Object.entries(sources))("Coder's wire types, by %s", (_, path) => {
  it.skipIf(!existsSync(path))('have the fields of our schemas, but for the differences on purpose', () => {
    const coder = coderTypesSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
    expect(allDifferences(coder).sort()).toEqual(Object.keys(onPurpose).sort())
  })
})

describe('the comparison itself', () => {
  const fields = (type: string, optional = false): CoderTypes => ({
    source_repo: '',
    source_date: '',
    types: { UploadResponse: { fields: [{ name: 'hash', type, optional }] } },
    enums: {},
  })
  const ofUpload = (coder: CoderTypes): string[] =>
    allDifferences(coder).filter((difference) => difference.startsWith('UploadResponse'))

  it('finds a wrong type, a wrong optionality, a missing and a surplus field', () => {
    expect(ofUpload(fields('uuid'))).toEqual([])
    expect(ofUpload(fields('string'))).toEqual(['UploadResponse.hash: type'])
    expect(ofUpload(fields('uuid', true))).toEqual(['UploadResponse.hash: optional'])
    const other = fields('uuid')
    other.types['UploadResponse'] = { fields: [{ name: 'other', type: 'uuid', optional: false }] }
    expect(ofUpload(other)).toEqual(['UploadResponse.hash: not in Coder', 'UploadResponse.other: missing'])
  })
})
