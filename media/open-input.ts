/**
 * Formats that hold their sound themselves. Playlists and scripts (HLS, DASH, concat, SDP, …) are left out: they name other
 * files and addresses, which a program would open with the rights of whoever runs it. What MediaConvert refuses by name
 * (AIFF, CAF, AMR, …) is in, so that the refusal can say what it is.
 */
const SELF_CONTAINED_FORMATS = [
  'aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,dsf,dts,eac3,flac,flv,gsm,ivf,loas',
  'matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nut,ogg,oma,qcp,rm,sox,swf,tta,voc,w64,wav,wtv,wv',
].join(',');

/** The words by which ffmpeg and ffprobe open an upload: by its content alone, and nothing that the content points at. */
export const openInput = (file: string): readonly string[] => ['-format_whitelist', SELF_CONTAINED_FORMATS, '-i', `file:${file}`];
