package org.realera.config;

/**
 * What only one method has: each component of the record is a key at the top of its recipes. A
 * recipe of another method refuses it by name.
 */
public sealed interface MethodSettings permits RealEraSettings {}
