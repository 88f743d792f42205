using System.Runtime.CompilerServices;
using Rectify.Data;

namespace Rectify.Tests;

/// <summary>Tests, and the commands that they start, keep nothing in the user's cache.</summary>
internal static class TestCache
{
    [ModuleInitializer]
    public static void Redirect()
    {
        string folder = Directory.CreateTempSubdirectory("rectify-test-cache").FullName;
        Environment.SetEnvironmentVariable(CacheFolder.Variable, folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
