/**
 * CloudFront function (cloudfront-js-2.0) at viewer-request of the site's behaviour: a page of the listener site is a path
 * without a file's extension, and every page is index.html. Files and the API keep their own errors.
 */
// oxlint-disable-next-line no-unused-vars -- CloudFront calls it by this name
function handler(event) {
  var request = event.request;
  var lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (lastSegment.indexOf('.') === -1) request.uri = '/index.html';
  return request;
}
