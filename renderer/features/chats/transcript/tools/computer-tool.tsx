import { MonitorIcon } from '../../../../ui/icons.tsx'
import { oneLine } from '../hostile-text.ts'
import { ChatFile } from '../picture.tsx'
import { CallState, CardBody, ToolCard } from '../tool-card.tsx'
import { textField } from '../tool-fields.ts'
import { actionWords } from './computer-words.ts'
import { FailureBody } from './failure-body.tsx'
import { MediaBody } from './media-body.tsx'
import { mediaOf } from './media-result.ts'
import type { ToolProps } from './tool-kind.ts'
import { doing, failureOf, outputOf } from './tool-words.ts'

/** `computer`: what the agent did on the desktop of the workspace, and how that looked. */
export function Computer({ call }: ToolProps) {
  const { busy, done, detail } = actionWords(call)
  const output = call.isMedia ? undefined : outputOf(call.result)
  return (
    <ToolCard
      icon={<MonitorIcon />}
      title={
        <>
          {doing(call, busy, done)} {detail === '' ? null : <span className="text-fg-3">{detail}</span>}
        </>
      }
      meta={
        <>
          {output === undefined ? null : <span>{oneLine(output, 80)}</span>}
          <CallState call={call} />
        </>
      }
    >
      <Screenshot call={call} />
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

/** As wide and high as pictures of most screens are shown. */
const screenShape = 'aspect-8/5 w-96 max-w-full'

/** By its own bytes, or as the file of the chat that it was kept as. */
function Screenshot({ call }: ToolProps) {
  const media = mediaOf(call)
  if (media !== undefined) return <MediaBody media={media} shape={screenShape} />
  const fileId = call.isMedia ? textField(call.result, 'attachment_file_id') : undefined
  if (fileId === undefined) return null
  return (
    <CardBody className="p-2">
      <ChatFile
        fileId={fileId}
        name={textField(call.result, 'attachment_name') ?? 'desktop.png'}
        mediaType={textField(call.result, 'mime_type')}
        shape={screenShape}
      />
    </CardBody>
  )
}
