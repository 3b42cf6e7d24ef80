/** ffprobe's containers in MediaConvert's words. What is not here MediaConvert cannot read. */
const CONTAINERS: Readonly<Record<string, string>> = {
  aac: 'aac',
  ac3: 'ac3',
  asf: 'asf',
  avi: 'avi',
  eac3: 'eac3',
  flac: 'flac',
  matroska: 'matroska',
  mp3: 'mp3',
  mp4: 'mp4',
  mpeg: 'mpegps',
  mpegts: 'mpegts',
  mxf: 'mxf',
  ogg: 'ogg',
  quicktime: 'quicktime',
  '3g2': 'three_g2',
  '3gp': 'three_gp',
  wav: 'wave',
  webm: 'webm',
};

const CODECS: Readonly<Record<string, string>> = {
  aac: 'AAC',
  ac3: 'AC3',
  amr_nb: 'AMR',
  amr_wb: 'AMR',
  av1: 'AV1',
  eac3: 'EAC3',
  flac: 'FLAC',
  h263: 'H263',
  h264: 'AVC',
  hevc: 'HEVC',
  jpeg2000: 'JPEG2000',
  mjpeg: 'MJPEG',
  mp2: 'MP2',
  mp3: 'MP3',
  mpeg1video: 'MPEG1',
  mpeg2video: 'MPEG2',
  mpeg4: 'MP4V',
  opus: 'OPUS',
  prores: 'PRORES',
  rawvideo: 'UNCOMPRESSED',
  theora: 'THEORA',
  vorbis: 'VORBIS',
  vp8: 'VP8',
  vp9: 'VP9',
  webvtt: 'WEBVTT',
  wmapro: 'WMAPRO',
  wmav1: 'WMA',
  wmav2: 'WMA2',
};

/** MediaConvert's name of a container; undefined where it cannot read it (AIFF, CAF, bare AMR and others). */
export function probedContainer(ffprobeName: string): string | undefined {
  return CONTAINERS[ffprobeName];
}

/** MediaConvert's name of a codec; `UNKNOWN` where it has none, as for ALAC. */
export function probedCodec(ffprobeName: string): string {
  return ffprobeName.startsWith('pcm_') ? 'PCM' : (CODECS[ffprobeName] ?? 'UNKNOWN');
}
