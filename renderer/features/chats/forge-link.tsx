import { Button } from '../../ui/button.tsx'
import { ExternalLinkIcon, GitBranchIcon } from '../../ui/icons.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useWindowActions } from '../window/index.ts'
import { PullRequestMark } from './pull-request-mark.tsx'
import type { ForgePage } from './pull-request.ts'

/** The way to the pull request or branch of a chat. The address is the server's word, so main asks before it leaves the app. */
export function ForgeLink({ page }: { readonly page: ForgePage }) {
  const window = useWindowActions()
  return (
    <Tooltip content={page.about}>
      <Button
        size="sm"
        variant="ghost"
        icon={page.state === undefined ? <GitBranchIcon /> : <PullRequestMark state={page.state} />}
        trailing={<ExternalLinkIcon className="size-3" />}
        onClick={() => window.openLink(page.url, 'content')}
      >
        {/* Where there is little room, the title of what is looked at goes before. */}
        <span className="@max-lg:sr-only">{page.words}</span>
      </Button>
    </Tooltip>
  )
}
