// What the pages gain by a script. Without it they do the same by links and forms.

const page = document.querySelector('.page')

/** The form that was sent last and may not have been answered; kept beyond the tab. */
const unanswered = {
  get: () => JSON.parse(localStorage.getItem('vitrina-unanswered') ?? 'null'),
  set: (form) => localStorage.setItem('vitrina-unanswered', JSON.stringify(form)),
  clear: () => localStorage.removeItem('vitrina-unanswered'),
}

// The button rests until the answer is there: a second click sends nothing.
addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  event.submitter?.setAttribute('aria-busy', 'true')
  if (form.elements.namedItem('key')) {
    unanswered.set({ action: form.getAttribute('action'), fields: [...new FormData(form)] })
  }
})

// A page that comes out of the browser's memory may send again; under the same key, if it has one.
addEventListener('pageshow', (event) => {
  if (event.persisted) {
    document.querySelectorAll('form').forEach((form) => delete form.dataset.sent)
    document.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'))
  }
})

/** Every answer to a form says in the address what has become of it. */
function settle() {
  const again = document.querySelector('form.repeat')
  if (new URLSearchParams(location.search).has('told')) {
    unanswered.clear()
  } else if (again) {
    askAgain(again)
  } else if (unanswered.get()) {
    offerAgain(unanswered.get())
  }
}

/** An unknown outcome is asked again by itself, under the same key, a few times. */
function askAgain(form) {
  const tries = Number(sessionStorage.getItem('vitrina-tries') ?? 0)
  if (tries < 5) {
    sessionStorage.setItem('vitrina-tries', tries + 1)
    setTimeout(() => form.requestSubmit(), 3000 * 2 ** tries)
  }
}

/** A tab that was closed, or lost its connection, before the answer came. */
function offerAgain({ action, fields }) {
  const form = document.querySelector('#unanswered').content.firstElementChild.cloneNode(true)
  form.setAttribute('action', action)
  for (const [name, value] of fields) {
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name, value })
    form.append(field)
  }
  page.append(form)
}

/** An order that is not settled is followed by its events. */
function follow(order) {
  const states = new EventSource(order.dataset.events)
  states.onmessage = ({ data }) => {
    if (JSON.parse(data).status !== order.dataset.status) {
      states.close()
      location.reload()
    }
  }
  addEventListener('pagehide', () => states.close())
}

/** Parts that were missing fill in when they recover. */
function refill(pause) {
  if (!page.querySelector('.unknown, .away[slot]')) {
    return
  }
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' } })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.page')
      const late = '[slot^=p], [slot^=s], [slot=cart], [slot=favorites], [slot=categories], [slot=trouble]'
      if (answer.ok && fresh && !page.querySelector(late)?.contains(document.activeElement)) {
        page.querySelectorAll(`:scope > :is(${late})`).forEach((part) => part.remove())
        page.append(...fresh.querySelectorAll(`:scope > :is(${late})`))
      }
    } catch {
      // no connection: later
    }
    refill(Math.min(pause * 2, 60_000))
  }, pause)
}

if (page) {
  settle()
  document.querySelectorAll('[data-events]').forEach(follow)
  refill(5_000)
  if (!document.querySelector('form.repeat')) {
    sessionStorage.removeItem('vitrina-tries')
  }
}
