/** The build of hls.js without subtitles, alternate audio and DRM; the package gives types for the whole one only. */
declare module 'hls.js/light' {
  export { default } from 'hls.js';
}
