import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Banner } from '../../ui/notice.tsx'
import { useSettings } from './use-settings.ts'

/** What the user should know about stored files, such as a broken one that was set aside. */
export function StorageNotices() {
  const { notices } = useSettings()
  const dismiss = useChange('settings.dismissNotice')
  return notices.map(({ id, message }) => (
    <Banner
      key={id}
      tone="warn"
      actions={
        <Button size="sm" onClick={() => dismiss.mutate({ id })}>
          Dismiss
        </Button>
      }
    >
      {message}
    </Banner>
  ))
}
