import { CardBody } from '../tool-card.tsx'
import { cutText, showUnseen } from '../hostile-text.ts'

/** What a tool says went wrong. */
export function FailureBody({ text }: { readonly text: string | undefined }) {
  if (text === undefined) return null
  return (
    <CardBody className="max-h-40 overflow-auto bg-bad-bg px-2.5 py-1.5 text-bad-fg break-words whitespace-pre-wrap copyable">
      {showUnseen(cutText(text, 4000))}
    </CardBody>
  )
}
