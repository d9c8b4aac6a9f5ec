import type { en } from '../en/index.ts'
import type { Translation } from '../translation.ts'

export const views: Translation<typeof en.views> = {
  videoOf: '视频 {name}',
  layout: '排列视频',
  layouts: { large: '一大，其余在下方', row: '并排', grid: '网格' },
  add: '添加此录像的视频…',
  full: '一个录像最多显示 {n} 个视频',
  remove: '从录像中移除 {name}',
  show: '显示 {name}',
  hide: '隐藏 {name}',
  lead: '让其他视频跟随 {name}',
  leads: '其他视频跟随此视频',
  mute: '将 {name} 静音',
  unmute: '播放 {name} 的声音',
  beginsAt: '开始于 {time}',
  endedAt: '结束于 {time}',
  wholePicture: '{zoom}% · 完整画面',
  align: '这两帧是同一时刻…',
  alignHint: '方向键现在逐帧移动 {name}。停在主视频所显示的时刻，或点击其他视图。',
  alignConfirm: '同一时刻',
  offsetSet: '偏移：{ms} 毫秒，{frames} 帧。',
}
