import '../styles/index.css'
import { createRoot } from 'react-dom/client'
import { createApi } from '../api/create-api.ts'
import { createOutpost } from '../app/outpost.tsx'
import { createFakeBridge } from '../testing/fake-bridge.ts'
import { answerLikeMain } from './app-scenario.ts'

/** The real pages on invented data: `app.html?scenario=many&theme=dark#/workspaces`. Only for development. */
const query = new URLSearchParams(location.search)
const fake = createFakeBridge({ customTitleBar: true })
answerLikeMain(fake, { scenario: query.get('scenario') ?? 'usual', theme: query.get('theme') ?? 'light' })

const root = document.getElementById('root')
if (!root) throw new Error('The page has no #root.')
createRoot(root).render(createOutpost({ api: createApi(fake.bridge), bridge: fake.bridge }))
