/**
 * {@code bin/millrace doctor}: what on this machine keeps a node from working, each with what to do.
 *
 * <p>A new examination is one more in the list of {@link io.millrace.launcher.doctor.DoctorCommand}.
 */
package io.millrace.launcher.doctor;
