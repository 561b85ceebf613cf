/** The three ways in which a system hands a link to an app: at its start, to the one that runs, and by an event of macOS. */
import { app } from 'electron'
import { linkAmong } from '../security/deep-link.ts'

export interface IncomingLinks {
  /** Hands on what came so far, the latest alone, and all that comes. */
  deliver(open: (link: string) => void): void
}

/** Listens at once: macOS tells before the app is ready. Nothing else of another start's arguments is read. */
export function watchDeepLinks(argv: readonly string[]): IncomingLinks {
  let waiting = linkAmong(argv)
  let take = (link: string): void => void (waiting = link)
  app.on('open-url', (event, link) => {
    event.preventDefault()
    take(link)
  })
  app.on('second-instance', (_event, arguments_) => {
    const link = linkAmong(arguments_)
    if (link !== undefined) take(link)
  })
  return {
    deliver(open) {
      take = open
      if (waiting !== undefined) open(waiting)
      waiting = undefined
    },
  }
}
