import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AgentSecret } from '../../contract/agent-link.ts'
import type { ValidationError } from '../../contract/response.ts'
import type {
  CreateUserSecretRequest,
  SecretsFileFormat,
  UpdateUserSecretRequest,
  UserSecret,
} from '../../contract/user-secrets.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { UserSecretsTable } from '../db/tables/user-secrets.ts'
import type { SecretBinding, SecretBox } from './secret-box.ts'
import { parseSecretsFile } from './secrets-file.ts'
import {
  envNameProblem,
  MAX_SECRETS,
  MAX_TOTAL_BYTES,
  type SecretFields,
  secretProblems,
} from './user-secret-rules.ts'
import { toWireTime } from './wire-time.ts'

type SecretRow = Selectable<UserSecretsTable>

export interface UserSecrets {
  list(userId: string): UserSecret[]
  /** @throws {ApiError} 404 */
  get(userId: string, name: string): UserSecret
  /** @throws {ApiError} 400 for a limit or a bad field, 409 where name, variable or file is taken. */
  create(userId: string, request: CreateUserSecretRequest): UserSecret
  /** All secrets of a file or none. @throws {ApiError} as `create`, with fields of the form `secrets[i].field`. */
  importFile(userId: string, format: SecretsFileFormat, content: string): UserSecret[]
  /** @throws {ApiError} 400, 404, 409 */
  update(userId: string, name: string, changes: UpdateUserSecretRequest): UserSecret
  /** @throws {ApiError} 404 */
  remove(userId: string, name: string): UserSecret
  /** What an agent of the user's workspaces gets: the enabled ones, opened. */
  forAgents(userId: string): AgentSecret[]
}

const bindingOf = (id: string): SecretBinding => ({ table: 'user_secrets', row: id, column: 'value' })

function refuse(validations: readonly ValidationError[]): void {
  if (validations.length > 0)
    throw new ApiError(400, { message: 'Validation failed.', validations: [...validations] })
}

function taken(): ApiError {
  const detail = 'This value is already in use and should be unique.'
  return new ApiError(409, {
    message: 'A secret with that name, environment variable, or file path already exists.',
    validations: [{ field: 'name', detail }],
  })
}

const toWire = (row: SecretRow): UserSecret => ({
  id: row.id,
  name: row.name,
  description: row.description,
  env_name: row.env_name,
  file_path: row.file_path,
  enabled: row.enabled === 1,
  created_at: toWireTime(row.created_at),
  updated_at: toWireTime(row.updated_at),
})

interface NewSecret extends SecretFields {
  readonly description: string
}

function fromRequest(request: CreateUserSecretRequest): NewSecret {
  const { name, value, description = '', env_name: envName = '', file_path: filePath = '' } = request
  const enabled = request.enabled ?? (envName !== '' || filePath !== '')
  return { name, value, description, envName, filePath, enabled }
}

/** A key that cannot be a variable's name is kept without one, and so stays off until it gets a place to go. */
function fromFileEntry({ key, value }: { readonly key: string; readonly value: string }): NewSecret {
  const envName = envNameProblem(key) === undefined ? key : ''
  return { name: key, value, description: '', envName, filePath: '', enabled: envName !== '' }
}

export function createUserSecrets(db: Database, clock: Clock, box: SecretBox): UserSecrets {
  const rowsOf = (userId: string): SecretRow[] =>
    db.all(db.sql.selectFrom('user_secrets').selectAll().where('user_id', '=', userId).orderBy('name'))
  const find = (userId: string, name: string): SecretRow => {
    const row = db.first(
      db.sql.selectFrom('user_secrets').selectAll().where('user_id', '=', userId).where('name', '=', name),
    )
    if (!row) throw notFound()
    return row
  }

  const insert = (userId: string, secret: NewSecret): SecretRow => {
    const id = randomUUID()
    const now = clock.now()
    const row: SecretRow = {
      id,
      user_id: userId,
      name: secret.name,
      description: secret.description,
      env_name: secret.envName,
      file_path: secret.filePath,
      value: box.seal(secret.value, bindingOf(id)),
      value_bytes: Buffer.byteLength(secret.value),
      enabled: secret.enabled ? 1 : 0,
      created_at: now,
      updated_at: now,
    }
    db.run(db.sql.insertInto('user_secrets').values(row))
    return row
  }
  /** Looks at all rows after the change, inside its transaction. */
  const requireWithinLimits = (userId: string): void => {
    const rows = rowsOf(userId)
    if (rows.length > MAX_SECRETS) throw badRequest(`A user can have at most ${MAX_SECRETS} secrets.`)
    const total = rows.reduce((sum, row) => sum + row.value_bytes, 0)
    if (total > MAX_TOTAL_BYTES) {
      throw badRequest(`The secrets of a user can have at most ${MAX_TOTAL_BYTES} bytes together.`)
    }
  }
  const write = <T>(userId: string, work: () => T): T => {
    try {
      return db.transaction(() => {
        const result = work()
        requireWithinLimits(userId)
        return result
      })
    } catch (error) {
      throw isUniqueViolation(error) ? taken() : error
    }
  }
  const openValue = (row: SecretRow): string => box.open(row.value, bindingOf(row.id))

  return {
    list: (userId) => rowsOf(userId).map(toWire),
    get: (userId, name) => toWire(find(userId, name)),
    create(userId, request) {
      const secret = fromRequest(request)
      refuse(secretProblems(secret))
      return write(userId, () => toWire(insert(userId, secret)))
    },
    importFile(userId, format, content) {
      const secrets = parseSecretsFile(format, content).map(fromFileEntry)
      if (secrets.length === 0) throw badRequest('The file holds no secrets.')
      refuse(secrets.flatMap((secret, index) => secretProblems(secret, `secrets[${index}].`)))
      refuse(repeated(secrets))
      return write(userId, () => secrets.map((secret) => toWire(insert(userId, secret))))
    },
    update(userId, name, changes) {
      if (Object.values(changes).every((value) => value === undefined)) {
        throw badRequest('At least one field must be provided.')
      }
      return write(userId, () => toWire(applyChanges(find(userId, name), changes)))
    },
    remove(userId, name) {
      const row = find(userId, name)
      db.run(db.sql.deleteFrom('user_secrets').where('id', '=', row.id))
      return toWire(row)
    },
    forAgents: (userId) =>
      rowsOf(userId)
        .filter((row) => row.enabled === 1)
        .map((row) => ({ env_name: row.env_name, file_path: row.file_path, value: openValue(row) })),
  }

  function applyChanges(row: SecretRow, changes: UpdateUserSecretRequest): SecretRow {
    const value = changes.value ?? openValue(row)
    const next: SecretRow = {
      ...row,
      description: changes.description ?? row.description,
      env_name: changes.env_name ?? row.env_name,
      file_path: changes.file_path ?? row.file_path,
      enabled: (changes.enabled ?? row.enabled === 1) ? 1 : 0,
      value: box.seal(value, bindingOf(row.id)),
      value_bytes: Buffer.byteLength(value),
      updated_at: clock.now(),
    }
    refuse(
      secretProblems({
        name: next.name,
        value,
        envName: next.env_name,
        filePath: next.file_path,
        enabled: next.enabled === 1,
      }),
    )
    db.run(db.sql.updateTable('user_secrets').set(next).where('id', '=', row.id))
    return next
  }
}

/** Names that a file gives twice. */
function repeated(secrets: readonly NewSecret[]): ValidationError[] {
  const seen = new Set<string>()
  return secrets.flatMap(({ name }, index) => {
    const again = seen.has(name)
    seen.add(name)
    return again ? [{ field: `secrets[${index}].name`, detail: 'The name is given more than once.' }] : []
  })
}
