import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { normalizeDeploymentUrl } from '../client/deployment-url.ts'
import { errorCode } from '../lib/to-error.ts'

export interface Credentials {
  readonly baseUrl: string
  readonly token: string
}

export interface CredentialSources {
  readonly url: string | undefined
  /** Folder with the files `url` and `session`, as Coder's CLI keeps them. */
  readonly configFolder: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Where the deployment is and who asks. @throws {TypeError} with a sentence that says what is missing. */
export async function readCredentials(sources: CredentialSources): Promise<Credentials> {
  const { configFolder, environment } = sources
  const url = sources.url ?? (await readSetting(configFolder, 'url'))
  if (url === undefined)
    throw new TypeError('Say where the deployment is: --url, CODER_URL or --global-config.')
  const fromEnvironment = environment['CODER_SESSION_TOKEN']
  const token =
    fromEnvironment === undefined || fromEnvironment === ''
      ? await readSetting(configFolder, 'session')
      : fromEnvironment
  if (token === undefined) {
    throw new TypeError('There is no token: set CODER_SESSION_TOKEN, or name a folder with --global-config.')
  }
  return { baseUrl: normalizeDeploymentUrl(url), token }
}

async function readSetting(folder: string | undefined, name: 'url' | 'session'): Promise<string | undefined> {
  if (folder === undefined) return undefined
  const path = join(folder, name)
  try {
    // As OpenSSH does with a private key: a token that others can read is no secret any more.
    if (name === 'session' && process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) {
      throw new TypeError(`${path} can be read by others. Run: chmod 600 ${path}`)
    }
    const text = (await readFile(path, 'utf8')).trim()
    return text === '' ? undefined : text
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}
