const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A refusal of a path that people open in a browser with Coder: it answers a page. */
export class HtmlError extends Error {
  override readonly name = 'HtmlError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Text that stands for itself in a page. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (char) => ENTITIES[char] ?? char)
}

/** The page of a refusal. */
export function htmlErrorPage({ status, message }: HtmlError): Response {
  const text = escapeHtml(message)
  return new Response(
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>${status}</title></head><body><h1>${status}</h1><p>${text}</p></body></html>\n`,
    { status, headers: { 'content-type': 'text/html; charset=utf-8' } },
  )
}
