import { Badge } from '../../../ui/badge.tsx'
import {
  BookOpenIcon,
  ExternalLinkIcon,
  FileTextIcon,
  GlobeIcon,
  InfoIcon,
  WrenchIcon,
} from '../../../ui/icons.tsx'
import { cutText, oneLine, showUnseen } from './hostile-text.ts'
import { jsonText } from './json-text.ts'
import { PlainText } from './long-text.tsx'
import { ChatFile } from './picture.tsx'
import { CardBody, ToolCard } from './tool-card.tsx'
import { useActions } from './transcript-actions.ts'
import type { RowOf } from './transcript-rows.ts'
import { fileName } from './tools/tool-words.ts'
import { webHost } from './web-host.ts'

/** Pages the answer was made of. */
export function SourcesRow({ row: { parts } }: { readonly row: RowOf<'sources'> }) {
  const { onOpenLink } = useActions()
  return (
    <ToolCard
      icon={<GlobeIcon />}
      title={parts.length === 1 ? '1 source' : `${parts.length} sources`}
      more={() => (
        <CardBody className="py-1">
          {parts.slice(0, 200).map(({ url = '', title }, index) => (
            <Source key={index} url={url} title={title ?? ''} onOpen={() => onOpenLink(url)} />
          ))}
        </CardBody>
      )}
    />
  )
}

interface SourceProps {
  readonly url: string
  readonly title: string
  readonly onOpen: () => void
}

/** A page by its title, with the host it is on. What is no page of the web is named, and leads nowhere. */
function Source({ url, title, onOpen }: SourceProps) {
  const host = webHost(url)
  return (
    <button
      type="button"
      title={showUnseen(url)}
      disabled={host === undefined}
      className="flex h-7 w-full min-w-0 items-center gap-2 px-2.5 text-left enabled:hover:bg-hover focus-visible:-outline-offset-2 [&>.lucide]:size-3 [&>.lucide]:text-fg-3"
      onClick={onOpen}
    >
      <span className="cut">{oneLine(title || url, 200)}</span>
      {host === undefined ? null : (
        <>
          <span className="cut flex-none text-sm text-fg-3">{host}</span>
          <ExternalLinkIcon className="ml-auto" />
        </>
      )}
    </button>
  )
}

/** Files and skills of the workspace that the model was given. */
export function ContextRow({ row: { parts } }: { readonly row: RowOf<'context'> }) {
  return (
    <div className="flex flex-wrap items-center gap-1.5 px-2.5 text-sm text-fg-3">
      Was given
      {parts.slice(0, 50).map((part, index) => {
        const path = part.context_file_path ?? ''
        const isSkill = part.type === 'skill'
        return (
          <Badge
            key={index}
            outlined
            icon={isSkill ? <BookOpenIcon /> : <FileTextIcon />}
            title={showUnseen(path)}
          >
            {isSkill ? oneLine(part.skill_name ?? '', 80) : oneLine(fileName(path), 80)}
            {part.context_file_truncated === true ? ', cut' : ''}
          </Badge>
        )
      })}
    </div>
  )
}

/** A file the agent gave the user. */
export function FileRow({ row: { part } }: { readonly row: RowOf<'file'> }) {
  return (
    <div className="px-2.5">
      <ChatFile
        fileId={part.file_id ?? undefined}
        name={part.name ?? 'File'}
        mediaType={part.media_type}
        data={part.data}
      />
    </div>
  )
}

/** A word of the deployment itself. */
export function NoteRow({ row: { text } }: { readonly row: RowOf<'note'> }) {
  return (
    <div className="flex items-start gap-2 px-2.5 text-fg-3 [&>.lucide]:mt-0.5">
      <InfoIcon />
      <span className="min-w-0 break-words whitespace-pre-wrap copyable">
        {showUnseen(cutText(text, 4000))}
      </span>
    </div>
  )
}

/** Something of a newer server. */
export function UnknownRow({ row: { part } }: { readonly row: RowOf<'unknown'> }) {
  return (
    <ToolCard
      icon={<WrenchIcon />}
      title={
        <>
          Something this version of Outpost does not know{' '}
          <span className="code-text text-fg-3">{oneLine(part.type, 60)}</span>
        </>
      }
      more={() => (
        <CardBody>
          <PlainText text={jsonText(part)} />
        </CardBody>
      )}
    />
  )
}
