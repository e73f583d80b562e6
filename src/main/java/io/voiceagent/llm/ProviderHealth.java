package io.voiceagent.llm;

import io.voiceagent.call.Failure;

/** Breakers and retry budgets by provider name, shared by all calls of the process. */
public interface ProviderHealth {
  /** Everything is permitted; for tests of a single adapter. */
  ProviderHealth ALWAYS = new ProviderHealth() {
    @Override
    public boolean permits(String provider) {
      return true;
    }

    @Override
    public boolean mayRetry(String provider) {
      return true;
    }

    @Override
    public void succeeded(String provider) {}

    @Override
    public void failed(String provider, Failure failure) {}
  };

  boolean permits(String provider);

  /** Takes one retry from the budget. */
  boolean mayRetry(String provider);

  void succeeded(String provider);

  void failed(String provider, Failure failure);
}
