package org.realera.hub;

import java.util.List;

/**
 * A model on the hub.
 *
 * @param name {@code ORG/NAME}, as it was asked for
 * @param commit 40 hexadecimal digits
 * @param files the names of all files, checked to lead nowhere else
 * @param details of those files whose size and hash the listing told
 */
record RemoteModel(String name, String commit, List<String> files, List<RemoteFile> details) {
  RemoteModel {
    files = List.copyOf(files);
    details = List.copyOf(details);
  }
}
