using Xunit;

namespace Provenance.Kernel.Tests.Observing;

/// <summary>For tests that count what this process has open.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
