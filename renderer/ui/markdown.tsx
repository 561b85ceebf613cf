import type { ReactNode } from 'react'
import ReactMarkdown, { type Components, type ExtraProps } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, ExternalLinkIcon, ImageIcon } from './icons.tsx'
import { isTooMuchMarkdown, markdownMaxChars } from './markdown-limits.ts'

export interface MarkdownProps {
  readonly children: string
  /** Opens a link through the app's own gate; nothing navigates by itself. */
  readonly onOpenLink: (url: string) => void
  /** Draws a block of code in another way. `language` is what the text says it is. */
  readonly renderCode?: ((code: string, language: string) => ReactNode) | undefined
  /** HTML is read as the text it is, where leaving it out would hide words: `Vec<String>`. */
  readonly showHtml?: boolean | undefined
  readonly className?: string | undefined
}

/** The host of a URL, or the URL itself where it has none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || url : url
}

/** The text of a code block, and the language it names. */
function readCode(pre: ExtraProps['node']): { readonly code: string; readonly language: string } | undefined {
  const code = pre?.children[0]
  if (code?.type !== 'element' || code.tagName !== 'code') return undefined
  const names = code.properties.className
  const name = (Array.isArray(names) ? names : []).map(String).find((one) => one.startsWith('language-'))
  const text = code.children.map((child) => (child.type === 'text' ? child.value : '')).join('')
  return { code: text.replace(/\n$/, ''), language: name?.slice('language-'.length) ?? '' }
}

function createComponents({
  onOpenLink,
  renderCode,
}: Pick<MarkdownProps, 'onOpenLink' | 'renderCode'>): Components {
  return {
    ...(renderCode === undefined
      ? {}
      : {
          pre: ({ node, children }) => {
            const found = readCode(node)
            return found === undefined ? <pre>{children}</pre> : renderCode(found.code, found.language)
          },
        }),
    a: ({ href, children }) => {
      if (href === undefined || href === '' || href.startsWith('#')) return <span>{children}</span>
      return (
        <button
          type="button"
          title={href}
          className="inline rounded-sm text-left font-medium text-accent-fg underline-offset-2 hover:underline"
          onClick={() => {
            onOpenLink(href)
          }}
        >
          {children}
        </button>
      )
    },
    // The boxes of task lists; they cannot be changed here, so they are pictures with a name.
    input: ({ checked }) => (
      <span
        role="img"
        aria-label={checked ? 'Done' : 'Not done'}
        className={classNames(
          'mr-1.5 inline-grid size-3.5 place-items-center rounded-sm border align-[-2px]',
          checked ? 'border-transparent bg-accent text-on-accent' : 'border-line-ui',
        )}
      >
        {checked ? <CheckIcon className="size-2.5 stroke-3" /> : null}
      </span>
    ),
    // Loading a picture would tell its server who reads this and when; a chip names it instead.
    img: ({ src, alt }) => {
      const url = typeof src === 'string' ? src : ''
      const label = alt && alt !== '' ? alt : 'Picture'
      return (
        <button
          type="button"
          title={url === '' ? undefined : `Open ${url}`}
          disabled={url === ''}
          className="inline-flex h-5 max-w-full items-center gap-1 rounded-sm bg-idle-bg px-1.5 align-text-bottom hc-edge text-sm text-fg-2 hover:text-fg [&>.lucide]:size-3"
          onClick={() => {
            onOpenLink(url)
          }}
        >
          <ImageIcon />
          <span className="cut">{label}</span>
          {url === '' ? null : <span className="cut text-fg-3">{hostOf(url)}</span>}
          <ExternalLinkIcon />
        </button>
      )
    },
  }
}

/**
 * Markdown from templates and agents, treated as hostile: HTML is never more than text, no pictures loaded, links only through the gate, and
 * plain text where drawing it could hold up the window.
 */
export function Markdown({ children, onOpenLink, renderCode, showHtml = false, className }: MarkdownProps) {
  if (isTooMuchMarkdown(children)) {
    return (
      <pre className={classNames('break-words whitespace-pre-wrap', className)}>
        {children.slice(0, markdownMaxChars)}
      </pre>
    )
  }
  return (
    <div className={classNames('prose', className)}>
      <ReactMarkdown
        remarkPlugins={[remarkGfm]}
        skipHtml={!showHtml}
        components={createComponents({ onOpenLink, renderCode })}
      >
        {children}
      </ReactMarkdown>
    </div>
  )
}
