const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether the text has the form of a UUID (RFC 9562, section 4), of any version and in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
