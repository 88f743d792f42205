using Rectify.Cli;
using Rectify.Mpi;

// A launcher's processes write to terminals of their own that nobody sees, and what they write for a terminal ends up in the user's files.
if (MpiLauncher.IsShared)
{
    Environment.SetEnvironmentVariable("TERM", "dumb");
}

return CommandTree.Run(args, Console.Out, Console.Error);
