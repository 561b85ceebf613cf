import { useStore } from 'zustand'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { placeKey } from '../../api/files-client.ts'
import { Button } from '../../ui/button.tsx'
import { Banner } from '../../ui/notice.tsx'
import { Countdown } from '../../ui/time.tsx'
import { useFiles } from './files-services.ts'

/** Says when the way into the workspace is away, and what becomes of it. */
export function PlaceNotice({ place }: { readonly place: FilesPlace }) {
  const client = useFiles().client
  const state = useStore(client.places, (places) => places.get(placeKey(place)))
  if (state?.kind === 'waiting') {
    return (
      <Banner
        tone="warn"
        actions={
          <Button size="sm" onClick={() => client.retryNow(place)}>
            Try now
          </Button>
        }
      >
        {state.reason} Next try in <Countdown to={state.retryAt} />.
      </Banner>
    )
  }
  if (state?.kind === 'failed') {
    return (
      <Banner
        tone="bad"
        actions={
          <Button size="sm" onClick={() => client.retryNow(place)}>
            Try again
          </Button>
        }
      >
        {state.reason}
      </Banner>
    )
  }
  return null
}
