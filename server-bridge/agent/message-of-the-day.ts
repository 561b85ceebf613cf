import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { join } from 'node:path'
import { expandPath, type WorkspaceSurroundings } from './shell-command.ts'

/** A greeting is a screen of text; what is beyond this is somebody's mistake. */
const maxBytes = 64 * 1024

/**
 * The template's `motd_file` for a terminal, its lines ended as a terminal needs them. Coder's agent prints it into login
 * shells unless there is a `~/.hushlogin`, and says nothing of a file that is not there.
 *
 * @throws for a file that cannot be read.
 */
export async function readMessageOfTheDay(surroundings: WorkspaceSurroundings): Promise<Buffer> {
  const nothing = Buffer.alloc(0)
  const path = surroundings.manifest.motd_file ?? ''
  // Shells keep the user's own home, and so does the wish for quiet.
  const home = surroundings.environment['HOME'] ?? surroundings.homeDir
  if (path === '' || (await exists(join(home, '.hushlogin')))) return nothing
  const absolute = expandPath(path, surroundings)
  if (!(await exists(absolute))) return nothing
  // A pipe of that name must not hold up every shell.
  const file = await open(absolute, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!(await file.stat()).isFile()) throw new Error(`${absolute} is no file.`)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes), 0, maxBytes, 0)
    const text = buffer.subarray(0, bytesRead).toString('latin1')
    if (text === '') return nothing
    // Latin-1 keeps every byte as it is.
    return Buffer.from(`${text.replace(/\r?\n$/, '').replace(/\r?\n/g, '\r\n')}\r\n`, 'latin1')
  } finally {
    await file.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
