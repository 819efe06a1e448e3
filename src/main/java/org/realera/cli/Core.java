package org.realera.cli;

import java.nio.file.Path;
import java.util.Map;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;

/** What commands ask of the rest of the program; tests put their own in its place. */
interface Core {

  /**
   * Finds a model.
   *
   * @param reference as the user named it
   * @return its diffusers folder
   * @throws org.realera.RealeraException (not found) which says where it was looked for
   */
  Path locate(String reference, Map<String, String> env);

  /** Erases; stops between two steps when {@code interruption} asks for it. */
  EraseResult erase(EraseRequest request, ProgressListener listener, Interruption interruption);
}
