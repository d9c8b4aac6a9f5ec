import { useCommands } from '../../composables/use-commands.ts'
import type { Command } from '../../stores/commands.ts'
import { type ClipPlayer, nextRate } from './clip-player.ts'

type Entry = readonly [id: string, run: () => void, options?: Partial<Command>]

function moveEntries({ transport, source, step }: ClipPlayer): Entry[] {
  const clip = () => source.value?.clip
  return [
    ['playback.previousFrame', () => step(-1)],
    ['playback.nextFrame', () => step(1)],
    ['playback.secondBack', () => transport.stepTime(-1000)],
    ['playback.secondOn', () => transport.stepTime(1000)],
    ['playback.clipStart', () => transport.goTo(clip()?.first ?? 0)],
    ['playback.clipEnd', () => transport.goTo(clip()?.last ?? 0)],
  ]
}

function playEntries(clipPlayer: ClipPlayer): Entry[] {
  const { player, transport, isLooping, mark, playLoop, setRate, shuttle } = clipPlayer
  const faster = () => setRate(nextRate(player.rate.value, 1))
  return [
    ['playback.toggle', () => transport.toggle()],
    ['playback.toggleWhileTyping', () => transport.toggle(), { isForText: true, isHidden: true }],
    ['playback.backwards', () => void transport.play(-1)],
    ['playback.pause', shuttle.rest],
    ['playback.forwards', shuttle.forwards],
    ['playback.slower', () => setRate(nextRate(player.rate.value, -1))],
    ['playback.faster', faster],
    ['playback.normalRate', () => setRate(1)],
    ['playback.loop', () => (isLooping.value = !isLooping.value)],
    ['playback.loopSelection', playLoop],
    ['selection.start', () => mark('start')],
    ['selection.end', () => mark('end')],
  ]
}

/** The keys of the player, wherever one is on screen. */
export function usePlaybackCommands(player: ClipPlayer): void {
  const when = () => player.source.value !== null
  useCommands(
    [...playEntries(player), ...moveEntries(player)].map(([id, run, options = {}]) => ({
      id,
      run,
      when,
      ...options,
    })),
  )
}
