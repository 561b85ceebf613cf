/**
 * Why an MCP server's address cannot be used from here, as a sentence; `undefined` when it can. What stands in front of
 * the host would travel as a header nobody chose, and shows wherever an address is shown.
 */
export function mcpAddressProblem(url: URL): string | undefined {
  if (url.username === '' && url.password === '') return undefined
  return "The server's address holds a user name or a password. Take them out of it and send them as a header."
}
