import { fireEvent, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment, sampleId, sampleTemplate } from '../../testing/wire-samples.ts'
import { TemplatesPage } from './templates-page.tsx'

function show(count: number) {
  const fake = createQuietBridge()
  fake.answer('templates.list', () =>
    Array.from({ length: count }, (_, index) =>
      sampleTemplate({
        id: sampleId(3, index),
        name: `template-${index}`,
        display_name: `Template ${index}`,
      }),
    ),
  )
  return renderPage(<TemplatesPage deployment={sampleDeployment()} />, fake)
}

it('offers a lone template with the way to more, and no search', async () => {
  const { actions } = show(1)
  await screen.findByRole('button', { name: 'Template 0' })
  expect(screen.queryByPlaceholderText('Search templates')).toBeNull()
  fireEvent.click(screen.getByRole('button', { name: 'Add deployment' }))
  expect(actions.askAddDeployment).toHaveBeenCalledOnce()
})

it('searches a gallery of several', async () => {
  show(4)
  fireEvent.change(await screen.findByPlaceholderText('Search templates'), { target: { value: '3' } })
  expect(screen.getAllByRole('listitem')).toHaveLength(1)
  expect(screen.getByRole('button', { name: 'Template 3' })).toBeTruthy()
})
