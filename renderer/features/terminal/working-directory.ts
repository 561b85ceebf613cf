/**
 * OSC 7: the shell tells its directory as `file://host/path`. Only an absolute POSIX path without control characters is
 * taken; the host is the workspace's own name for itself and says nothing here.
 */
const maxPathChars = 1024

/** The path, or `undefined`. */
export function readDirectory(data: string): string | undefined {
  if (!data.startsWith('file://') || data.length > 3 * maxPathChars) return undefined
  try {
    const path = decodeURIComponent(data.slice(data.indexOf('/', 'file://'.length)))
    const isUsable =
      path.startsWith('/') && path.length <= maxPathChars && !/[\u0000-\u001f\u007f-\u009f]/.test(path)
    return isUsable && data.indexOf('/', 'file://'.length) > 0 ? path : undefined
  } catch {
    // A percent sign that begins no byte.
    return undefined
  }
}

/**
 * The command of a new shell that starts there; Coder has no directory in its terminal route (stable-api, section 14) and
 * runs a command through the login shell. What the directory is called is never part of the command: it is quoted whole.
 */
export function shellIn(directory: string): string {
  return `cd -- ${shellWord(directory)} 2>/dev/null; exec "\${SHELL:-sh}" -l`
}

/** Any text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
