package io.voiceagent.conversation;

import io.voiceagent.call.CallId;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** The files of recorded calls. They hold words and numbers of callers: only our own user may read them. */
final class CallFiles implements CallLog.Opener {
  private static final String SUFFIX = ".call.jsonl";
  /** A call may be taken up again so often under its name. */
  private static final int MOST = 100;

  private final Path folder;

  CallFiles(Path folder) {
    this.folder = folder;
  }

  /** A new file; one of an earlier part of the same call stays as it is. */
  @Override
  public Writer open(CallId call) throws IOException {
    Files.createDirectories(folder);
    // The name comes from outside.
    String name = call.value().replaceAll("[^A-Za-z0-9_-]", "_");
    for (int part = 1; ; part++) {
      Path file = folder.resolve(name + (part == 1 ? "" : "-" + part) + SUFFIX);
      try {
        return Files.newBufferedWriter(Files.createFile(file, onlyOurs()));
      } catch (FileAlreadyExistsException e) {
        if (part == MOST) {
          throw e;
        }
      }
    }
  }

  private FileAttribute<?>[] onlyOurs() {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
