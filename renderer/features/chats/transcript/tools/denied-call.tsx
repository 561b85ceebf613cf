import { ShieldIcon } from '../../../../ui/icons.tsx'
import { oneLine, showUnseen } from '../hostile-text.ts'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { listField, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { ApprovalSubject } from './approval-subject.tsx'
import { askedWords } from './asked-words.ts'
import type { ToolProps } from './tool-kind.ts'

/** A call that the user did not allow: what they were asked, and why they did not. It did nothing, so no tool draws it. */
export function DeniedCall({ call }: ToolProps) {
  const { serverNames } = useActions()
  const reason = call.deniedBecause ?? ''
  return (
    <ToolCard
      icon={<ShieldIcon />}
      title={
        <>
          {askedWords(call.name, serverNames)} <Mono quiet>{subjectOf(call)}</Mono>
        </>
      }
      meta={<CallState call={call} />}
      more={() => (
        <CardBody>
          <ApprovalSubject
            asked={{
              tool_call_id: call.id,
              tool_name: call.name,
              args: JSON.stringify(call.args ?? {}),
            }}
          />
        </CardBody>
      )}
    >
      {reason === '' ? null : (
        <CardBody className="max-h-40 overflow-auto px-2.5 py-1.5 break-words whitespace-pre-wrap text-fg-2 copyable">
          <span className="text-fg-3">Why not: </span>
          {showUnseen(reason)}
        </CardBody>
      )}
    </ToolCard>
  )
}

/** What it was about, in a few words. */
function subjectOf({ args }: ToolCall): string {
  const [file] = listField(args, 'files')
  const said = ['command', 'query', 'path', 'name'].map((name) => textField(args, name)).find(Boolean)
  return oneLine(said ?? textField(file, 'path') ?? '', 200)
}
