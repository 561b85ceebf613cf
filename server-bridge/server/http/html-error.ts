import { escapeHtml, htmlPage } from './html-page.ts'

/** A refusal of a path that people open in a browser with Coder: it answers a page. */
export class HtmlError extends Error {
  override readonly name = 'HtmlError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The page of a refusal. */
export function htmlErrorPage({ status, message }: HtmlError): Response {
  return htmlPage(status, String(status), `<h1>${status}</h1>\n<p>${escapeHtml(message)}</p>`)
}
