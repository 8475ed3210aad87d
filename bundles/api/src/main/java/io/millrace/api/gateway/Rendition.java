package io.millrace.api.gateway;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.value.Bytes;

/**
 * One rendition of a segment.
 *
 * @param profile what was asked for
 * @param data the bytes, in the profile's container
 */
public record Rendition(VideoProfile profile, Bytes data) {}
