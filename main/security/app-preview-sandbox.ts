/**
 * The sandbox that every document of a preview is put into, beside whatever policy it has of its own. It leaves out modal
 * windows: a page could hold its reader by the system's print dialog, over and over.
 */
const sandbox = 'sandbox allow-forms allow-popups allow-same-origin allow-scripts'
const name = 'content-security-policy'

/** The headers of a document with the sandbox; its own policies stay, and all of them hold. */
export function withPreviewSandbox(
  headers: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> {
  const entries = Object.entries(headers).map(([key, values]) => [key, [...values]] as const)
  const own = entries.filter(([key]) => key.toLowerCase() === name).flatMap(([, values]) => values)
  const others = entries.filter(([key]) => key.toLowerCase() !== name)
  return { ...Object.fromEntries(others), 'Content-Security-Policy': [...own, sandbox] }
}
